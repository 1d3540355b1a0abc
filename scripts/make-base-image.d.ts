export declare const DEBIAN_BASE: string;
export declare const BUSYBOX_BASE: string;
export declare function makeDebianBase(engine?: 'podman' | 'docker'): Promise<string>;
export declare function makeBusyboxBase(engine?: 'podman' | 'docker'): Promise<string>;
