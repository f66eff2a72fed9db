"""The database: tables, repositories, migrations. Rows never leave this package."""
