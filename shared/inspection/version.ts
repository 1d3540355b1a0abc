import manifest from '../../package.json' with { type: 'json' };

/** This software's version: what @amun_service_version and /version say. */
export const SERVICE_VERSION: string = manifest.version;
