"""What Thuiswijk costs, beside a minimal Django application and beside another product. See README.md."""
