{{/* A service: its pods, as `restricted` wants them, and what stands around them. */}}
{{- define "service.meta" -}}
name: {{ .Chart.Name }}
labels: { app.kubernetes.io/name: {{ .Chart.Name }}, app.kubernetes.io/instance: {{ .Chart.Name }} }
{{- end }}

{{- define "service.all" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "service.meta" . | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata: {{- include "service.meta" . | nindent 2 }}
spec:
  selector: { app.kubernetes.io/instance: {{ .Chart.Name }} }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "service.meta" . | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app.kubernetes.io/instance: {{ .Chart.Name }} } }
---
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "service.meta" . | nindent 2 }}
spec:
  replicas: {{ .Values.replicas }}
  revisionHistoryLimit: 5
  strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 25% } }
  selector: { matchLabels: { app.kubernetes.io/instance: {{ .Chart.Name }} } }
  template:
    metadata:
      labels: { app.kubernetes.io/name: {{ .Chart.Name }}, app.kubernetes.io/instance: {{ .Chart.Name }} }
      annotations: { prometheus.io/scrape: "true", prometheus.io/port: "8080", prometheus.io/path: /metrics }
    spec:
      serviceAccountName: {{ .Chart.Name }}
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, fsGroup: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: app
          image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /healthz, port: http } }
          env:
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: {{ required "the Secret of the database" .Values.database.secret }}, key: uri } }
          {{- if .Values.sealed }}
          envFrom: [{ secretRef: { name: {{ .Chart.Name }} } }]
          {{- end }}
          resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { memory: 256Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if .Values.volume }}
            - { name: data, mountPath: /data }
            {{- end }}
      volumes:
        - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
        {{- if .Values.volume }}
        - { name: data, persistentVolumeClaim: { claimName: {{ .Chart.Name }} } }
        {{- end }}
{{- with .Values.volume }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "service.meta" $ | nindent 2 }}
  annotations: { argocd.argoproj.io/sync-options: "Prune=false,Delete=false" }
spec:
  accessModes: [ReadWriteMany]
  storageClassName: {{ .storageClass }}
  resources: { requests: { storage: {{ .size }} } }
{{- end }}
{{- with .Values.sealed }}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {{- include "service.meta" $ | nindent 2 }}
spec: { encryptedData: {{ toJson . }} }
{{- end }}
{{- end }}
