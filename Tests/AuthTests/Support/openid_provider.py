"""An OpenID provider for tests: oidc-provider-mock (PyPI), which stands on Authlib, with PKCE as Authlib checks it. Prints its port when it serves."""

import sys
import warnings

warnings.simplefilter("ignore")

from authlib.oauth2.rfc7636 import CodeChallenge
from oidc_provider_mock import _app
from werkzeug.serving import make_server

challenges = {}
Grant = _app.AuthorizationCodeGrant
save, query = Grant.save_authorization_code, Grant.query_authorization_code


def save_with_challenge(self, code, request):
    save(self, code, request)
    challenges[code] = (request.data.get("code_challenge"), request.data.get("code_challenge_method"))


class StrictCodeChallenge(CodeChallenge):
    """Without a challenge there is no code, and without the verifier that fits it there is no token."""

    def __init__(self):
        super().__init__(required=True)

    def validate_code_challenge(self, grant, *_):
        if not grant.request.data.get("code_challenge"):
            raise _app.authlib.oauth2.rfc6749.errors.InvalidRequestError("Missing 'code_challenge'")
        super().validate_code_challenge(grant, *_)

    def get_authorization_code_challenge(self, authorization_code):
        return challenges[authorization_code.code][0]

    def get_authorization_code_challenge_method(self, authorization_code):
        return challenges[authorization_code.code][1]


Grant.save_authorization_code = save_with_challenge
Grant.TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
register = _app.flask_oauth2.AuthorizationServer.register_grant


def register_with_challenge(self, grant, extensions=None):
    if grant is Grant:
        extensions = [*(extensions or []), StrictCodeChallenge()]
    return register(self, grant, extensions)


_app.flask_oauth2.AuthorizationServer.register_grant = register_with_challenge
server = make_server("127.0.0.1", 0, _app.app(require_nonce=True), threaded=True)
print(server.server_port, flush=True)
sys.stdin.close()
server.serve_forever()
