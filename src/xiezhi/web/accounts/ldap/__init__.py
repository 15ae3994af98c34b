"""Signing in with the password that a directory (LDAP, Active Directory) keeps."""
