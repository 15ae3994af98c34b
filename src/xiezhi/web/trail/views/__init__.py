"""The auditor's screens. Every page writes one event: reading the trail is in the trail."""
