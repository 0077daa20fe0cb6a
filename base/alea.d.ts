// The published types of seedrandom describe its main file, which looks for a system source of
// entropy. Only the generator itself is wanted: it needs nothing and runs in a browser as it is.

declare module 'seedrandom/lib/alea.js' {
  import seedrandom from 'seedrandom';

  const alea: typeof seedrandom.alea;
  export default alea;
}
