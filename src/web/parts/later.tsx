import type { ComponentType, FunctionComponent } from 'preact';
import { useLoad } from '../data/use-load.ts';
import { Loading, TroubleNotice } from './notice.tsx';

/** A page whose code comes when it is opened. */
export function later<Props extends object>(name: string, load: () => Promise<ComponentType<Props>>): FunctionComponent<Props> {
  return (props) => {
    const { data, trouble, reload } = useLoad(name, async () => ({ Page: await load() }));
    if (data) return <data.Page {...props} />;
    return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={6} />;
  };
}
