import type { ActionHeaderProps } from 'adminjs';
import React from 'react';

/** AdminJS heads a page with the action; people want to know of which meter. */
export function ActionHeader({
  OriginalComponent,
  ...props
}: ActionHeaderProps & { OriginalComponent: React.ComponentType<ActionHeaderProps> }) {
  const tag = props.record?.title || props.tag;
  return <OriginalComponent {...props} {...(tag === undefined ? {} : { tag })} />;
}
