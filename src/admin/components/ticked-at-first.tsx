import { CheckBox, FormGroup, FormMessage } from '@adminjs/design-system';
import { PropertyLabel, type EditPropertyProps } from 'adminjs';
import React, { useEffect } from 'react';

/** A yes that one takes back: the box of a new row would be empty, and that is a no. */
export function TickedAtFirst({ property, record, onChange }: EditPropertyProps) {
  const given = record.params[property.path] as boolean | string | undefined;
  const isTicked = given !== false && given !== 'false';
  useEffect(() => {
    if (given === undefined) onChange(property.path, true);
  }, [given]);
  return (
    <FormGroup error={Boolean(record.errors[property.path])}>
      <CheckBox id={property.path} name={property.path} checked={isTicked} onChange={() => onChange(property.path, !isTicked)} />
      <PropertyLabel property={property} props={{ inline: true } as object} />
      <FormMessage>{record.errors[property.path]?.message}</FormMessage>
    </FormGroup>
  );
}
