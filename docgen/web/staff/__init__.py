"""Staff pages: a clerk does the whole work in the browser. Server-rendered; JavaScript only makes it smoother."""
