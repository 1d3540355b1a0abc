// Modules that most starts have no use for: each is a file of its own beside each bundle that may load it.
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { ROOT as root } from './root.js';

const APART = [
  {
    // Larger than everything else together.
    name: 's3-store.js',
    entry: 'shared/export/s3/s3-store.ts',
    // In every log it would say that its newer versions need a newer Node; package.json pins this one.
    define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  },
  // Where a kubeconfig is in use, which pods have none of.
  { name: 'kube-config.js', entry: 'shared/cluster/kubernetes/api/kube-config.ts', define: {} },
];

/** Leaves them out of a bundle, which finds them in its own folder. */
export const apart = {
  name: 'apart',
  setup({ onResolve }) {
    for (const { name } of APART) {
      const filter = new RegExp(`/${name.replace('.', '\\.')}$`);
      onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}`, external: true } : undefined,
      );
    }
  },
};

/** Puts each of them beside whatever of `built` loads it. */
export async function placeApart(out, built, options) {
  const outputs = built.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  for (const { name, entry, define } of APART) {
    const loading = outputs.flatMap(([file, { imports }]) =>
      imports.some(({ path }) => path === `./${name}`) ? [resolve(file)] : [],
    );
    const single = join(out, name);
    await build({
      ...options,
      outdir: undefined,
      entryPoints: [join(root, entry)],
      outfile: single,
      // As small as can be: what is loaded is read.
      minify: true,
      define,
    });
    for (const folder of new Set(loading.map((file) => dirname(file)))) {
      await copyFile(single, join(folder, name));
    }
    await rm(single);
  }
}
