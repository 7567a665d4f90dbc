import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The tests of the core before those that reach it from afar, and whole companies after single people, because a mutant
 * is dead with the first test that fails.
 */
const FROM_NEAR_TO_FAR = [
  /\/test\/core\/(?!identity-batch)/,
  /\/test\/core\//,
  /\/test\/adapters\//,
  /\/test\/stages\//,
  /\/test\//,
];

export class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const distance = ({ moduleId }: TestSpecification) => FROM_NEAR_TO_FAR.findIndex((place) => place.test(moduleId));
    return files.toSorted((one, other) => distance(one) - distance(other));
  }
}
