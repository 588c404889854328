"""The product: chooses adapters, reads settings, starts and stops the roles."""
