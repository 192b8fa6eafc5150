"""What a hostile tenant says to controllers that it shares with everybody: one value that they refuse stops the configuration, the routes or the secrets of all. Numbers go on from those of
tenants.rows.py, whose helpers come in. At the end stands what an honest team says to the same controllers, which has to work."""

# nginx, its expressions and what it writes down as it stands.
BRACED = "\\pL{1000}"
GATEWAY = "gateway.networking.k8s.io/v1"
MESH = "networking.istio.io/v1"
ROLLOUTS = "argoproj.io/v1alpha1"
PLUGIN = "argoproj-labs/gatewayAPI"

def makers(rows, namespace, host):
    """Objects of a tenant, by their kinds."""
    one, nginx = rows.one, lambda words: {rows.NGINX + key.replace("_", "-"): value for key, value in words.items()}
    class Make:
        says = staticmethod(lambda name, **words: rows.ingress(name, namespace, host=host, annotations=nginx(words)))
        path = staticmethod(lambda name, *paths: rows.PATHS(name, *paths, namespace=namespace, host=host, annotations=nginx({"use_regex": "true"})))
        route = staticmethod(lambda name, *rules, kind="HTTPRoute", **spec: one(GATEWAY, kind, name, namespace, spec={"hostnames": [host], **({"rules": list(rules)} if rules else {}), **spec}))
        mesh = staticmethod(lambda name, *http, **spec: one(MESH, "VirtualService", name, namespace, spec={"hosts": [host], "http": [{"route": [{"destination": {"host": "x"}}], **part} for part in http], **spec}))
        rollout = staticmethod(lambda name, metadata={}, **routing: one(ROLLOUTS, "Rollout", name, namespace, metadata, spec={"strategy": {"canary": {"trafficRouting": routing}}}))
        measured = staticmethod(lambda name, prometheus={}, kind="AnalysisTemplate", retention=None, **metric: one(ROLLOUTS, kind, name, namespace, spec={
            "metrics": [{"name": "x", "provider": {"prometheus": {"query": "1", **prometheus}}, **metric}], **({"measurementRetention": retention} if retention else {})}))
        external = staticmethod(lambda name, key, template={}, **spec: one("external-secrets.io/v1", "ExternalSecret", name, namespace, spec={
            "data": [{"secretKey": "x", "remoteRef": {"key": key}}], **({"target": {"template": template}} if template else {}), **spec}))
        service = staticmethod(lambda name, number: one("v1", "Service", name, namespace, spec={"selector": {"a": "b"}, "ports": [{"name": f"p{at}", "port": at + 1} for at in range(number)]}))
        budget = staticmethod(lambda name, **labels: one("policy/v1", "PodDisruptionBudget", name, namespace, spec={"maxUnavailable": 1, "selector": {"matchLabels": {key.replace("__", "/").replace("_", "."): value for key, value in labels.items()}}}))
    return Make

def git(rows):
    return [
        (278, [rows.config("hooked-git", finalizers=["argocd.argoproj.io/hook-finalizer"])]),
        (279, [rows.config("asking-git", annotations={"argocd.argoproj.io/sync-options": "Delete=confirm,Prune=confirm"})]),
    ]

def kubectl(rows):
    m = makers(rows, rows.NS, "mallory.example.com")
    to = lambda kind, group, name, **more: {"group": group, "kind": kind, "name": name, **more}
    matched = lambda part, value, **more: {"matches": [{part: {"type": "RegularExpression", "value": value}, **more}]}
    owned = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "name": "allow-to", "uid": "1", "blockOwnerDeletion": True}
    noted = lambda name, key: rows.one("v1", "Pod", name, metadata={"annotations": {key: "x"}}, spec=rows.pod())
    return [
        (220, [m.path("unclosed", "/a(b")]),
        (221, [m.path("turned", "/[z-a]")]),
        (222, [m.path("twice", "/a**")]),
        (223, [m.path("unopened", "/a)b")]),
        (224, [m.path("read-otherwise", "/[\\d-z]")]),
        (225, [m.says("unknown-target", rewrite_target="/$nosuch")]),
        (226, [m.says("unknown-root", app_root="/$nosuch")]),
        (227, [m.says("unknown-prefix", x_forwarded_prefix="/$nosuch", rewrite_target="/x")]),
        (228, [m.says("unknown-host", upstream_vhost="$nosuch")]),
        (229, [m.says("unknown-name", proxy_ssl_name="$nosuch")]),
        (230, [m.says("dollar", permanent_redirect="https://mallory.example.com/$")]),
        (231, [m.says("few-buffers", proxy_buffers_number="2")]),
        (232, [m.says("busy", proxy_buffers_number="4", proxy_buffer_size="4k", proxy_busy_buffers_size="900k")]),
        (233, [m.says("busy-alone", proxy_busy_buffers_size="1k")]),
        (234, [m.says("small-file", proxy_max_temp_file_size="1k")]),
        (235, [m.says("no-buffer", proxy_buffer_size="0")]),
        (236, [m.says("no-ciphers", ssl_ciphers="NOSUCH")]),
        (237, [m.says("no-error", custom_http_errors="404,499")]),
        (238, [m.says("connections", limit_connections="70000")]),
        (239, [m.says("negative", proxy_connect_timeout="-5")]),
        (240, [m.says("bytes", proxy_body_size="8b", proxy_request_buffering="off")]),
        (241, [m.says("one-word", proxy_cookie_path="/a")]),
        (242, [m.says("two-words", permanent_redirect="https://mallory.example.com/a b")]),
        (243, [m.says("unclosed-from", proxy_redirect_from="~(", proxy_redirect_to="/")]),
        (244, [m.says("headers", custom_headers=f"{rows.NS}/headers")]),
        (246, [m.route("inside", {"backendRefs": [to("TraefikService", "traefik.io", "api@internal")]})]),
        (247, [m.route("named", {"backendRefs": [to("Hostname", "networking.istio.io", "prometheus-operated.monitoring.svc.cluster.local", port=9090)]})]),
        (248, [m.route("mirrored", {"backendRefs": [{"name": "x", "port": 80}], "filters": [{"type": "RequestMirror", "requestMirror": {"backendRef": to("Hostname", "networking.istio.io", "a.b.svc", port=80)}}]})]),
        (249, [m.route("elsewhere", {"backendRefs": [{"name": "shop", "namespace": "honest-web", "port": 80}]})]),
        (250, [m.route("extended", {"backendRefs": [{"name": "x", "port": 80, "filters": [{"type": "ExtensionRef", "extensionRef": to("Middleware", "traefik.io", "x")}]}]})]),
        (251, [m.route("theirs", parentRefs=[to("Service", "", "shop", namespace="honest-web")])]),
        (252, [m.route("large", matched("path", "/" + BRACED))]),
        (253, [m.route("unclosed", matched("path", "/a(b"))]),
        (254, [m.route("large-header", {"matches": [{"method": "GET", "headers": [{"type": "RegularExpression", "name": "x", "value": BRACED}]}]})]),
        (255, [m.mesh("large", {"match": [{"uri": {"regex": BRACED}}]})]),
        (256, [m.mesh("large-header", {"match": [{"headers": {"x": {"regex": BRACED}}}]})]),
        (257, [m.mesh("unclosed", {"match": [{"authority": {"regex": "a(b"}}]})]),
        (258, [m.mesh("long", *[{"match": [{"uri": {"prefix": f"/{at}"}}]} for at in range(101)])]),
        (259, [m.rollout("alias", nginx={"stableIngress": "x", "canaryIngressAnnotations": {rows.NGINX + "server-alias": "shop.example.com"}})]),
        (260, [m.rollout("asking", nginx={"stableIngress": "x", "additionalIngressAnnotations": {"auth-url": "http://169.254.169.254/"}})]),
        (261, [m.rollout("prefixed", nginx={"stableIngress": "x", "annotationPrefix": "alb.ingress.kubernetes.io"})]),
        (262, [m.rollout("prefixed-too", alb={"ingress": "x", "servicePort": 80, "annotationPrefix": "nginx.ingress.kubernetes.io"})]),
        (263, [m.rollout("capital", plugins={PLUGIN: {"httpRoute": "shop", "Namespace": "honest-web"}})]),
        (264, [m.rollout("long-s", plugins={PLUGIN: {"httpRoute": "shop", "name\u017fpace": "honest-web"}})]),
        (265, [m.rollout("telling", {"annotations": {"notifications.argoproj.io/subscribe.on-rollout-completed.webhook": "x"}})]),
        (266, [m.external("endless", "mallory/x", {"data": {"x": "{{ range until 1000000000 }}a{{ end }}"}})]),
        (267, [m.external("doubled", "mallory/x", {"data": {"x": "{{ repeat 2000000000 .x }}"}})]),
        (268, [m.external("written-elsewhere", "mallory/x", {"templateFrom": [{"configMap": {"name": "x", "items": [{"key": "x"}]}}]})]),
        (269, [m.external("literal", "mallory/x", {"templateFrom": [{"literal": "x: {{ repeat 2000000000 .x }}"}]})]),
        (270, [m.external("labelled", "mallory/x", {"metadata": {"labels": {"a": "{{ repeat 2000000000 .x }}"}}})]),
        (271, [m.external("copies", "mallory/x", {"data": {"x": "{{ .x }}" * 101}})]),
        (272, [rows.SEALED("endless", data={"x": "{{ repeat 2000000000 \"x\" }}"})]),
        (273, [m.external("keys", "mallory/x", data=[{"secretKey": f"k{at}", "remoteRef": {"key": f"mallory/{at}"}} for at in range(101)])]),
        (274, [m.service("ports", 50)]),
        (275, [rows.config("holding", ownerReferences=[owned])]),
        (276, [rows.config("foreground", finalizers=["foregroundDeletion"])]),
        (277, [rows.config("orphan", finalizers=["orphan"])]),
        (280, [rows.config("asking", annotations={"argocd.argoproj.io/sync-options": "Delete = confirm, Validate=false"})]),
        (281, [rows.CERTIFICATE("at-once", duration="87600h", renewBefore="2159h59m")]),
        (282, [rows.CERTIFICATE("at-once-too", duration="87600h", renewBeforePercentage=99)]),
        (283, [rows.ingress("common", annotations={"cert-manager.io/common-name": "shop.example.com"})]),
        (284, [rows.ingress("client", annotations={"cert-manager.io/usages": "server auth, client auth"})]),
        (285, [m.measured("hasty", kind="AnalysisRun", interval="1ms")]),
        (286, [m.measured("of-others", {"headers": [{"key": "X-Scope-OrgID", "value": "honest"}]})]),
        (287, [m.measured("patient", {"timeout": 100000})]),
        (288, [m.measured("kept", retention=[{"metricName": "x", "limit": 1000000}])]),
        (289, [rows.ingress("certificates", tls=[{"hosts": ["mallory.example.com"], "secretName": f"s{at}"} for at in range(101)])]),
        (290, [noted("gateway", "k8s.ovn.org/routing-namespaces")]),
        (291, [noted("prefixes", "cni.projectcalico.org/allowedSourcePrefixes")]),
        (292, [noted("agent", "ad.datadoghq.com/main.checks")]),
    ]

def changes(rows):
    m = makers(rows, rows.NS, "mallory.example.com")
    return [
        (245, m.says("kept-later", proxy_body_size="0", proxy_request_buffering="off"), {"metadata": {"annotations": {rows.NGINX + "proxy-request-buffering": None}}}),
        (293, m.service("grown", 20), {"spec": {"ports": [{"name": f"p{at}", "port": at + 1} for at in range(21)]}}),
    ]

def fine(rows, namespace, host, prefix):
    """The same kinds as an honest team has them, all at once."""
    m = makers(rows, namespace, host)
    return [
        m.path("paths", "/[a-z0-9-]+/(.*)", "/v\\d+/[^?]*", "/files/[\\w.-]+", "/a(?:b|c)?$"),
        {**m.says("values", upstream_hash_by="$request_uri$arg_x", rewrite_target="/$1/$2", upstream_vhost="$http_host", x_forwarded_prefix="/api", permanent_redirect="https://shop.example.com$request_uri",
            proxy_buffer_size="16k", proxy_busy_buffers_size="32k", proxy_buffers_number="8", proxy_max_temp_file_size="0", proxy_connect_timeout="15", ssl_ciphers="ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL",
            custom_http_errors="404,503", limit_connections="100", proxy_redirect_from="~^http://([^/]+)/(.*)$", proxy_redirect_to="https://$host/$2", proxy_cookie_path="/a /b")},
        rows.ingress("certified", namespace, host=host, annotations={"cert-manager.io/common-name": host, "cert-manager.io/usages": "digital signature, server auth", "kubernetes.io/description": "ours",
            "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', "alb.ingress.kubernetes.io/ssl-redirect": "443"}),
        m.route("canary", {"matches": [{"path": {"type": "PathPrefix", "value": "/"}, "method": "GET"}, {"path": {"type": "RegularExpression", "value": "/v[0-9]+/.*"}}],
            "backendRefs": [{"name": "web", "port": 80, "weight": 90}, {"kind": "Service", "group": "", "name": "web2", "port": 80, "weight": 10}],
            "filters": [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "a", "value": "b"}]}}, {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "web3", "port": 80}}}]},
            parentRefs=[{"name": "g", "namespace": "gateways", "sectionName": "https"}, {"group": "", "kind": "Service", "name": "web"}]),
        m.route("calls", {"matches": [{"method": {"type": "Exact", "service": "a.B", "method": "C"}}], "backendRefs": [{"name": "web", "port": 80}]}, kind="GRPCRoute"),
        m.mesh("shop", {"match": [{"uri": {"regex": "/v[0-9]+/.*"}, "headers": {"x": {"exact": "y"}}, "withoutHeaders": {"z": {}}}], "corsPolicy": {"allowOrigins": [{"exact": "https://" + host}]},
            "rewrite": {"uriRegexRewrite": {"match": "^/v([0-9]+)/(.*)", "rewrite": "/\\2"}}}),
        m.rollout("shop", nginx={"stableIngress": "x", "additionalIngressAnnotations": {"canary-by-header": "x"}}, plugins={PLUGIN: {"httpRoute": "shop", "namespace": namespace}}),
        m.measured("shop", {"timeout": 40}, interval="1m", count=5, retention=[{"metricName": "x", "limit": 20}]),
        m.external("templated", prefix + "database", {"metadata": {"labels": {"a": "{{ .x }}"}}, "data": {"url": "postgres://u:{{ .password | urlquery }}@h/d", "json": '{"a":"{{ .x }}","b":{"c":{}}}', "text": "{{- .x | b64dec -}}\n" + "a" * 900}}),
        rows.one("bitnami.com/v1alpha1", "SealedSecret", "templated", namespace, spec={"encryptedData": {"x": "eA=="}, "template": {"data": {"url": "https://{{ .x }}/"}}}),
        m.service("ports", 20),
        rows.one("v1", "ConfigMap", "synced", namespace, metadata={"annotations": {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false", "kubernetes.io/description": "ours"}}),
        # A chart's beside our own, and the two that an operator makes of one database.
        m.budget("redis", app_kubernetes_io__name="redis"),
        m.budget("database-primary", cnpg_io__cluster="db", cnpg_io__instanceRole="primary"),
        m.budget("database", cnpg_io__cluster="db", cnpg_io__podRole="instance"),
    ]
