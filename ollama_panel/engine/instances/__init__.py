"""The Ollama servers: started, watched, restarted, stopped, and found when they run already."""
