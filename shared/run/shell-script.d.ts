/** A script is imported as its text; bundler and tests both see to it. */
declare module '*.sh' {
  const text: string;
  export default text;
}

declare module '*.py' {
  const text: string;
  export default text;
}
