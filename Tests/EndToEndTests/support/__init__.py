"""What the end-to-end tests are made of: processes, the emulator, an S3 server, pictures."""
