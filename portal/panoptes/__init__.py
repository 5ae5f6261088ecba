"""The reference platform's API as its own programs call it, over our services: docs/panoptes.md, decision 50."""
