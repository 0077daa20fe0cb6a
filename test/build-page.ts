// Before the tests: the page of reports is built from the sources that are tested.
import { buildPage } from '../reports/viewer/build.mjs';

export async function setup(): Promise<void> {
  await buildPage();
}
