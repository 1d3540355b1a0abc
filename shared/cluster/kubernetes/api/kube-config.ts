// A file of its own beside each bundle (scripts/build.js), since most starts have no use for it. Not
// the package's entry point, which loads a client for every kind of object: 77 MB in memory, this 11.
export { KubeConfig } from '@kubernetes/client-node/dist/config.js';
