"""The reference partner: an honest implementation of ``openapi/partner-api.v1.yaml``, and ways to make it misbehave.

It exists so that certify can be certified: every check passes on the honest sandbox and fails on its own fault
(:mod:`certify.sandbox.faults`). The contract leads: operations, scopes, parameters and schemas are read from the
document when the sandbox is assembled, so code and document cannot drift apart.

    from certify.sandbox.server import serve

    with serve(faults=["jwt-skip-exp"]) as sandbox:
        print(sandbox.base_url)
"""
