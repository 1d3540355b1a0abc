/** On a pod: the LocalQueue that it waits in. */
export const LABEL_QUEUE = 'kueue.x-k8s.io/queue-name';
/** On a pod that Kueue has taken into its care. */
export const LABEL_MANAGED = 'kueue.x-k8s.io/managed';
/** On a Workload: the uid of its pod. */
export const LABEL_JOB_UID = 'kueue.x-k8s.io/job-uid';
/** As long as a pod has this gate, no node is looked for; Kueue takes it away. */
export const ADMISSION_GATE = 'kueue.x-k8s.io/admission';
/** The condition of a pod that Kueue is about to delete. */
export const TERMINATION_TARGET = 'TerminationTarget';

/** Where the API server says which versions of Kueue's API it serves. */
export const KUEUE_API = '/apis/kueue.x-k8s.io';
