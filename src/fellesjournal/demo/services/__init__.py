"""The services a citizen meets, each with the contacts it makes: GP, home care and so on."""
