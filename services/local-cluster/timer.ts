/** Something that will be done at its time, unless it is cancelled before. */
export interface Timer {
  readonly cancel: () => void;
}

/** setTimeout takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `act` after a time of any length; at once where it has passed. */
export function startTimer(milliseconds: number, act: () => void): Timer {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    const step = Math.min(Math.max(left, 0), LONGEST_MS);
    timer = setTimeout(() => (left > step ? wait(left - step) : act()), step);
  };
  wait(milliseconds);
  return { cancel: () => clearTimeout(timer) };
}
