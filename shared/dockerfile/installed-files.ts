import type { Specification, SpecificationFile } from '../inspection/specification.js';
import { type BuildStep, contextFile } from './build-step.js';
import { writeLines } from './context-lines.js';
import { stepScript } from './step-scripts.js';

/**
 * The step that puts the specification's files in their places. They travel under names of ours,
 * `file-0` and on: a ConfigMap knows no folders and few characters.
 */
export function installedFileSteps(spec: Specification): BuildStep[] {
  if (spec.files.length === 0) return [];
  const entries = spec.files.map((file, index) => `${nameOf(index)} ${modeOf(file)} ${file.path}`);
  return [
    {
      title: 'Files',
      script: stepScript('install-files.sh'),
      data: [
        contextFile('files', writeLines(entries)),
        ...spec.files.map((file, index) => contextFile(nameOf(index), file.content)),
      ],
      manyFiles: true,
      options: [],
      online: false,
    },
  ];
}

function nameOf(index: number): string {
  return `file-${index}`;
}

function modeOf(file: SpecificationFile): string {
  return file.content.startsWith('#!') ? '755' : '644';
}
