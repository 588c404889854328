"""The gRPC API: the platform's answers to city applications, and a client for our own command line."""
