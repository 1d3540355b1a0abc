import { requirePackages } from '../require-packages.js';
import { installThamos } from './install-thamos.js';

const thamos = await installThamos();

/** `describe` for tests with Thoth's real client, as requirePackages has it. */
export const withThamos: jest.Describe = requirePackages('thamos', thamos.missing);

/** The path of its program; none where tests with it are skipped. */
export const THAMOS = thamos.program ?? '';
