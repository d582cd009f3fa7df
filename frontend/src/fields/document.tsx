/** 单据引用 Document: a pointer to another document; opens it where it is read. */
import { Link } from "react-router";
import { isObject } from "../api/check";
import { pathOf } from "../meta/context";
import { textOf } from "../meta/values";
import { ref } from "./ref";
import type { CellProps, FieldKind, InputProps } from "./types";

const Cell = ({ value }: CellProps) => {
  if (!isObject(value) || typeof value.type !== "string" || typeof value.id !== "number")
    return <>{textOf(value)}</>;
  return (
    <Link to={pathOf("document", value.type, value.id)} onClick={(event) => event.stopPropagation()}>
      {textOf(value)}
    </Link>
  );
};

/** Where the declaration names a collection it is picked like a ref, else it is only shown. */
function Input(props: InputProps) {
  if (props.field.ref !== null) return <ref.Input {...props} />;
  return (
    <span id={props.id} className="hc-readonly">
      <Cell field={props.field} value={props.value} />
    </span>
  );
}

export const document: FieldKind = {
  ...ref,
  kind: "document",
  width: 150,
  stretches: false,
  operators: ["empty"],
  Cell,
  Input,
  grid: { ...ref.grid, format: (value) => textOf(value) },
};
