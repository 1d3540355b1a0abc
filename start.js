// One command from a fresh clone to a running service: see scripts/start/main.js.
const LOWEST = 20;
const version = process.versions.node;

if (Number(version.split('.')[0]) < LOWEST) {
  console.error(
    `Amun needs Node ${LOWEST} or newer; this is ${version}. Install one from https://nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  // Loaded only now: what an old Node cannot even read must not keep it from saying so.
  const { start } = await import('./scripts/start/main.js');
  process.exitCode = await start(process.argv.slice(2));
}
