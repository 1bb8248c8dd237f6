import { Empty } from '../parts/notice.tsx';
import { words } from '../words.ts';

export function NotFoundPage({ home }: { home: string }) {
  return (
    <Empty title={words.notFound.title} text={words.notFound.text}>
      <a class="button main" href={home}>
        {words.notFound.home}
      </a>
    </Empty>
  );
}
