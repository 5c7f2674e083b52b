"""Stands in for a chat's webhook: `said` are the texts that it was sent."""
import http.server
import json


class Chat(http.server.BaseHTTPRequestHandler):
    said = []

    def do_POST(self):
        Chat.said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass
