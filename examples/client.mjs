// Runs an inspection with Amun's TypeScript client, shows what happens to it, and what it left:
//
//     npm run build
//     node examples/client.mjs [URL] [BASE IMAGE]
import { ApiError, createAmunClient, UnreachableError } from 'amun/client';

const [url = 'http://127.0.0.1:8080', base = 'debian:12-slim'] = process.argv.slice(2);
const amun = createAmunClient(url);

try {
  const { inspection_id: id } = await amun.submit({
    base,
    identifier: 'client',
    labels: { example: 'client' },
    script: "#!/bin/sh\necho '{\"processors\": '$(nproc)'}'\n",
  });
  console.error(`${id} submitted`);
  for await (const event of amun.follow(id, { buildLog: false })) {
    if (event.event === 'phase') console.error(event.phase);
    if (event.event === 'output') process[event.stream].write(event.text);
  }
  const status = await amun.waitForEnd(id);
  if (status.phase === 'succeeded') {
    const { exit_code: code, runtime_environment: where } = await amun.report(id);
    console.error(`exit code ${code} on ${where.operating_system.name}`);
  } else {
    console.error(`${status.phase}: ${status.reason}`);
    process.exitCode = 1;
  }
  for await (const found of amun.inspections({ label: ['example=client'], limit: 5 })) {
    console.error(`${found.inspection_id} ${found.phase}`);
  }
} catch (error) {
  if (error instanceof ApiError) {
    console.error(`${error.status} ${error.code}: ${error.message}`);
    for (const { pointer, message } of error.details) console.error(`  ${pointer}: ${message}`);
  } else if (error instanceof UnreachableError) {
    console.error(`${error.message} Start it with npm start.`);
  } else {
    throw error;
  }
  process.exitCode = 1;
}
