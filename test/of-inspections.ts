/** Selects what belongs to builds and jobs; what many of them share stays when they are gone. */
export const OF_INSPECTIONS = 'app.kubernetes.io/managed-by=amun,amun.io/kind!=common';
