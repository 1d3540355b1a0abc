import { build } from 'esbuild';

/**
 * Bundles programs of the project as `npm run build` does, for tests that run them as processes.
 *
 * @param programs their sources, by the names that they get, without ".js"
 */
export async function bundlePrograms(
  folder: string,
  programs: Readonly<Record<string, string>>,
): Promise<void> {
  await build({
    entryPoints: programs,
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    loader: { '.sh': 'text' },
    logLevel: 'error',
  });
}
