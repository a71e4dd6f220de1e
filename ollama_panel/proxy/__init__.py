"""One HTTP request at a time, from the client's socket to an instance's and back; decides nothing, asks its `Gate`."""
