"""The application: wiring, migrations, HTTP errors, security headers, the page."""
