/** What axes are made of: something with a name, and patches that are put behind each other. */
interface Combinable<Patch> {
  readonly name: string;
  readonly patches: readonly Patch[];
}

/**
 * Every combination of one value of each axis, the last axis changing fastest. Names are joined by
 * ", " and patches are applied in the order of the axes. No axis: no combination.
 */
export function combineAxes<Patch>(
  axes: readonly (readonly Combinable<Patch>[])[],
): Combinable<Patch>[] {
  const [first, ...others] = axes;
  if (first === undefined) return [];
  return others.reduce<Combinable<Patch>[]>(
    (combined, axis) =>
      combined.flatMap((left) =>
        axis.map((right) => ({
          name: `${left.name}, ${right.name}`,
          patches: [...left.patches, ...right.patches],
        })),
      ),
    [...first],
  );
}
