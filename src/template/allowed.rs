//! The allow-list over the template library's syntax tree: everything not named here is refused.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt, UnaryOpKind};

use super::FILTERS;

/// `for` inside `for` is read, deeper is not.
const LOOP_DEPTH: usize = 2;

/// What a look at a text found, with bytes of the text.
pub(super) enum Finding {
    /// A variable of the programme.
    Name(String, Range<usize>),
    /// Something that is not text with variables.
    Refused(String, Range<usize>),
}

/// Names and refused parts of a parsed text, in order.
pub(super) fn visit(tree: &Stmt<'_>, registers: &[String]) -> Vec<Finding> {
    let mut visitor = Visitor { registers, loops: Vec::new(), found: Vec::new() };
    visitor.statement(tree);
    visitor.found
}

struct Visitor<'v> {
    registers: &'v [String],
    /// Names bound by the loops around the place we are at.
    loops: Vec<String>,
    found: Vec<Finding>,
}

impl Visitor<'_> {
    fn refuse(&mut self, what: &str, span: Span) {
        self.found.push(Finding::Refused(what.to_owned(), range(span)));
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.all(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emit) => self.expression(&emit.expr),
            Stmt::IfCond(condition) => {
                self.expression(&condition.expr);
                self.all(&condition.true_body);
                self.all(&condition.false_body);
            }
            Stmt::ForLoop(each) => {
                let span = each.span();
                let (Expr::Var(item), Expr::Var(register)) = (&each.target, &each.iter) else {
                    return self.refuse("a loop over anything but a register", span);
                };
                if each.filter_expr.is_some() || each.recursive || !each.else_body.is_empty() {
                    return self.refuse("a loop with conditions", span);
                }
                if !self.registers.iter().any(|name| name == register.id) {
                    return self.refuse("a loop over anything but a register", register.span());
                }
                if self.loops.len() >= LOOP_DEPTH {
                    return self.refuse("a loop this deep", span);
                }
                self.found.push(Finding::Name(register.id.to_owned(), range(register.span())));
                self.loops.push(item.id.to_owned());
                self.all(&each.body);
                self.loops.pop();
            }
            Stmt::WithBlock(s) => self.refuse("`with`", s.span()),
            Stmt::Set(s) => self.refuse("`set`", s.span()),
            Stmt::SetBlock(s) => self.refuse("`set`", s.span()),
            Stmt::AutoEscape(s) => self.refuse("`autoescape`", s.span()),
            Stmt::FilterBlock(s) => self.refuse("a filter block", s.span()),
            Stmt::Do(s) => self.refuse("`do`", s.span()),
        }
    }

    fn all(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn expression(&mut self, expression: &Expr<'_>) {
        let span = expression.span();
        match expression {
            Expr::Const(_) => {}
            Expr::Var(name) if self.registers.iter().any(|register| register == name.id) => {
                self.refuse("a register outside `for` and `length`", span);
            }
            Expr::Var(name) => {
                if !self.loops.iter().any(|bound| bound == name.id) {
                    self.found.push(Finding::Name(name.id.to_owned(), range(span)));
                }
            }
            Expr::GetAttr(attribute) => self.expression(&attribute.expr),
            Expr::UnaryOp(operation) if matches!(operation.op, UnaryOpKind::Not) => {
                self.expression(&operation.expr)
            }
            Expr::Compare(comparison) => {
                self.expression(&comparison.expr);
                for operation in &comparison.ops {
                    self.expression(&operation.expr);
                }
            }
            Expr::BinOp(operation) => match operation.op {
                BinOpKind::Eq
                | BinOpKind::Ne
                | BinOpKind::Lt
                | BinOpKind::Lte
                | BinOpKind::Gt
                | BinOpKind::Gte
                | BinOpKind::In
                | BinOpKind::ScAnd
                | BinOpKind::ScOr => {
                    self.expression(&operation.left);
                    self.expression(&operation.right);
                }
                _ => self.refuse("arithmetic", span),
            },
            Expr::Filter(filter) => {
                if !FILTERS.contains(&filter.name) {
                    return self.refuse(&format!("the filter `{}`", crate::text::safe(filter.name)), span);
                }
                // A short separator of `join` is the only argument any listed filter needs.
                let plain = |arg: &CallArg<'_>| match arg {
                    CallArg::Pos(Expr::Const(value)) => {
                        value.value.as_str().is_some_and(|text| text.len() <= 16)
                    }
                    _ => false,
                };
                if !filter.args.iter().all(plain) {
                    return self.refuse("a filter's argument", span);
                }
                match &filter.expr {
                    // Comparing or joining whole registers costs more than the steps that are counted.
                    Some(Expr::Var(name)) if filter.name == "length" => {
                        self.found.push(Finding::Name(name.id.to_owned(), range(name.span())));
                    }
                    Some(inner) => self.expression(inner),
                    None => {}
                }
            }
            Expr::UnaryOp(_) => self.refuse("arithmetic", span),
            Expr::Slice(_) | Expr::GetItem(_) => self.refuse("an index", span),
            Expr::IfExpr(_) => self.refuse("an inline `if`", span),
            Expr::Test(_) => self.refuse("a test", span),
            Expr::Call(_) => self.refuse("a call", span),
            Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => self.refuse("a list or mapping", span),
        }
    }
}

fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}
