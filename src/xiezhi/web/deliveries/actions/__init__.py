"""What changes deliveries: each in one transaction, with one event in the trail."""
