/** Something wrong in a file, and where: `line 7`, or `object 12 (mmetering.meter, pk 3)`. */
export interface ImportProblem {
  place: string;
  text: string;
}

const MOST_PROBLEMS = 100;

/** The first hundred are said, all are counted. */
export class ImportProblems {
  readonly list: ImportProblem[] = [];
  count = 0;

  add(place: string, text: string): void {
    this.count += 1;
    if (this.list.length < MOST_PROBLEMS) this.list.push({ place, text });
  }
}

export function sayProblem({ place, text }: ImportProblem): string {
  return place === '' ? text : `${place}: ${text}`;
}
