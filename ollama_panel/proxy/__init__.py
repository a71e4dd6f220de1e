"""The proxy: carries each HTTP request from the client to an instance and back. Its `Gate`, the engine, decides."""
