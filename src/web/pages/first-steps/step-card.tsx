import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  lead: string;
  children: ComponentChildren;
}

/** What a step is about, and what is done in it. */
export function StepCard({ title, lead, children }: Props) {
  return (
    <section class="card form-card step">
      <div>
        <h2>{title}</h2>
        <p class="lead">{lead}</p>
      </div>
      {children}
    </section>
  );
}
