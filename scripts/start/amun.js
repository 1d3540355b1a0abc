import { join } from 'node:path';
import { ROOT } from '../root.js';

/** The built command line; starts with the arguments of one of its commands. */
export const AMUN = join(ROOT, 'dist', 'cli', 'amun.js');
