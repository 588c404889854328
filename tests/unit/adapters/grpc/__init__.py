"""The gRPC API: a real server and a real client in one process."""
