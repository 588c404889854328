"""``python -m stadtfunk``."""

from stadtfunk.cli import main

raise SystemExit(main())
