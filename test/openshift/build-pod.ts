import { BUILDER_IMAGE } from '../builder-image.js';
import { BUILD_NAME, type BuildThing } from './objects.js';

/** How the pods of builds are made here. */
export interface BuildPodOptions {
  /** "host:port" of the registry that is pushed to, in plain HTTP. */
  readonly registry: string;
  /** For simulated nodes: annotations that say what becomes of the pod. Default: none, real ones. */
  readonly simulate?: (build: BuildThing) => Readonly<Record<string, string>>;
}

const NO_DEADLINE_SECONDS = 604_800;
const USER = 1000;
const INPUTS = '/tmp/build/inputs';
const MAPS = '/var/run/configs/openshift.io/build';

/** As OpenShift's: writes the inline Dockerfile anew, variables and labels of its own at its end. */
const MANAGE_DOCKERFILE = `mkdir -p ${INPUTS}
printf '%s\\n' "$DOCKERFILE" | sed 's/^ENTRYPOINT \\[\\]$/ENTRYPOINT null/' >${INPUTS}/Dockerfile
printf 'ENV "OPENSHIFT_BUILD_NAME"="%s"\\nLABEL "io.openshift.build.name"="%s"\\n' "$BUILD" "$BUILD" >>${INPUTS}/Dockerfile`;

/**
 * As OpenShift's: copies the ConfigMaps' keys into the context, mode 0600, over what is there; builds
 * and pushes; says last what went wrong, in its words. BuildKit's are other ones.
 */
const DOCKER_BUILD = `for entry in $SOURCES; do
  to=${INPUTS}/\${entry#*:}
  mkdir -p "$to"
  for file in ${MAPS}/"\${entry%%:*}"/*; do
    [ -f "$file" ] && cp -Lf "$file" "$to/" && chmod 600 "$to/\${file##*/}"
  done
done
printf '%s' "$REGISTRIES" >/tmp/buildkitd.toml
echo 'time="2026-01-01T00:00:00Z" level=info msg="Not using native diff for overlay, this may cause degraded performance"'
from=$(sed -n 's/^FROM \\([^ ]*\\).*/\\1/p' ${INPUTS}/Dockerfile | head -n 1)
echo "Pulling image $from ..."
{
  buildctl-daemonless.sh build --progress=plain --frontend=dockerfile.v0 \\
    --local=context=${INPUTS} --local=dockerfile=${INPUTS} \\
    --output="type=image,name=$OUTPUT,push=true" --metadata-file=/tmp/metadata.json
  echo $? >/tmp/code
} 2>&1 | tee /tmp/log
code=$(cat /tmp/code)
if [ "$code" = 0 ]; then
  echo "Push successful"
  sed -n 's/.*"containerimage[.]digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' /tmp/metadata.json >/dev/termination-log
  exit 0
fi
words=$(grep '^error:' /tmp/log | tail -n 1)
step=$(sed -n 's/.*did not complete successfully: exit code: \\([0-9]*\\).*/\\1/p' /tmp/log | tail -n 1)
case $words in
  *"failed to resolve source metadata"* | *"failed to load metadata"* | *"pull access denied"*)
    echo "error: failed to pull image: After retrying 2 times, Pull image still failed due to error: initializing source docker://$from: \${words#error: }" ;;
  *"failed to push"*)
    echo "error: failed to push image: After retrying 6 times, Push image still failed due to error: \${words#error: }" ;;
  *)
    if [ -n "$step" ]; then
      echo "error: build error: building at STEP \\"RUN ...\\": while running runtime: exit status $step"
    else
      echo "error: build error: \${words#error: }"
    fi ;;
esac
exit 1`;

/** The pod of a Build; nothing of the BuildConfig's labels is on it. */
export function buildPodOf(build: BuildThing, output: string, options: BuildPodOptions): object {
  const { name, namespace, uid } = build.metadata;
  const { source, resources = {}, nodeSelector, completionDeadlineSeconds } = build.spec;
  const maps = source.configMaps ?? [];
  const simulated = options.simulate?.(build);
  const variables = {
    BUILD: name,
    DOCKERFILE: source.dockerfile,
    OUTPUT: output,
    SOURCES: maps.map((one) => `${one.configMap.name}:${one.destinationDir ?? '.'}`).join(' '),
    REGISTRIES: `[registry."${options.registry}"]\nhttp = true\ninsecure = true\n`,
    BUILDKITD_FLAGS: '--oci-worker-no-process-sandbox --config=/tmp/buildkitd.toml',
  };
  const container = (called: string, script: string): object => ({
    name: called,
    image: BUILDER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-c', script.replaceAll('$', '$$$$')],
    env: Object.entries(variables).map(([key, value]) => ({
      name: key,
      value: value.replaceAll('$', '$$$$'),
    })),
    resources,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: {
      allowPrivilegeEscalation: true,
      capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] },
    },
    volumeMounts: [
      { name: 'buildworkdir', mountPath: '/tmp/build' },
      { name: 'storage', mountPath: '/home/user/.local/share/buildkit' },
      ...maps.map((one, index) => ({
        name: `map-${index}`,
        mountPath: `${MAPS}/${one.configMap.name}`,
        readOnly: true,
      })),
    ],
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-build`,
      namespace,
      labels: { [BUILD_NAME]: name.slice(0, 63) },
      annotations: { [BUILD_NAME]: name, ...simulated },
      ownerReferences: [
        { apiVersion: 'build.openshift.io/v1', kind: 'Build', name, uid, controller: true },
      ],
    },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: 'builder',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      activeDeadlineSeconds: completionDeadlineSeconds ?? NO_DEADLINE_SECONDS,
      terminationGracePeriodSeconds: 5,
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      securityContext: {
        runAsUser: USER,
        runAsGroup: USER,
        // The builder here is not root, and reads what only root and this group may.
        fsGroup: USER,
        seccompProfile: { type: 'Unconfined' },
        appArmorProfile: { type: 'Unconfined' },
      },
      initContainers: [container('manage-dockerfile', MANAGE_DOCKERFILE)],
      containers: [container('docker-build', DOCKER_BUILD)],
      volumes: [
        { name: 'buildworkdir', emptyDir: {} },
        { name: 'storage', emptyDir: {} },
        ...maps.map((one, index) => ({
          name: `map-${index}`,
          configMap: { name: one.configMap.name, defaultMode: 0o600 },
        })),
      ],
    },
  };
}
