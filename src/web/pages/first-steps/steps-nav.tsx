import { sayNumber } from '../../format.ts';
import { words } from '../../words.ts';
import { firstStepsAddress, isDone, isOpen, STEPS, type Step } from './first-steps-view.ts';
import type { House } from './house.ts';

const { firstSteps: text } = words;

function Mark({ number, done }: { number: number; done: boolean }) {
  return (
    <span class="mark" aria-hidden="true">
      {done ? (
        <svg viewBox="0 0 16 16">
          <path d="m3.5 8.5 3 3 6-7" />
        </svg>
      ) : (
        sayNumber(number)
      )}
    </span>
  );
}

/** Where one stands; every step that makes sense can be gone to. */
export function StepsNav({ step, house }: { step: Step; house: House | null }) {
  return (
    <nav class="steps-nav" aria-label={text.title}>
      <p class="quiet-text">{text.of(STEPS.indexOf(step) + 1, STEPS.length)}</p>
      <ol>
        {STEPS.map((each, index) => {
          const done = isDone(each, house);
          const inside = (
            <>
              <Mark number={index + 1} done={done} />
              <span class="name">{text.steps[each]}</span>
              {done && <span class="hidden">({text.done})</span>}
            </>
          );
          return (
            <li key={each} class={done ? 'done' : ''}>
              {isOpen(each, house) ? (
                <a
                  href={firstStepsAddress({ step: each, buildingId: house?.building.id ?? null })}
                  aria-current={each === step ? 'step' : undefined}
                >
                  {inside}
                </a>
              ) : (
                <span class="ahead">{inside}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
