//! The two macros that declare the vocabulary: a struct or enum whose doc comments are its documentation.

/// Declares a record: a struct whose doc comments are the documentation of its keys.
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident ($noun:literal) {
            $( $(#[doc = $key_doc:literal])* $field:ident : $type:ty $([$required:ident])? ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $( $(#[doc = $key_doc])* pub $field: $type, )*
            /// Where the record begins.
            pub place: $crate::source::Location,
            /// Keys that were typed and not fully understood.
            pub misread: $crate::record::Misread,
        }

        impl $name {
            /// The keys of this record.
            pub const SHAPE: $crate::record::Shape = $crate::record::Shape {
                name: $noun,
                docs: concat!($($doc, "\n"),*),
                keys: &[ $( $crate::record::Key {
                    name: $crate::record::key_name(stringify!($field)),
                    docs: concat!($($key_doc, "\n"),*),
                    kind: <$type as $crate::record::Field>::KIND,
                    required: <$type as $crate::record::Field>::ESSENTIAL $(|| stringify!($required).len() > 0)?,
                } ),* ],
            };
        }

        impl $crate::record::Value for $name {
            const KIND: $crate::record::Kind = $crate::record::Kind::Record(&Self::SHAPE);

            fn read(
                node: &$crate::syntax::Node<'_>,
                out: &mut Vec<$crate::diagnostic::Diagnostic>,
            ) -> Option<Self> {
                const SHAPE: &$crate::record::Shape = &$name::SHAPE;
                let mut misread = $crate::record::Misread::default();
                let entries = $crate::record::entries(node, SHAPE, out, &mut misread)?;
                let mut keys = SHAPE.keys.iter();
                $(
                    let key = keys.next()?;
                    let $field = $crate::record::field::<$type>(node, entries, SHAPE, key, out, &mut misread);
                )*
                Some(Self { $( $field: $field?, )* place: $crate::record::beginning(node), misread })
            }

            fn references(&self, visit: &mut $crate::record::Visit<'_>) {
                let _ = &visit;
                $( $crate::record::Field::references(&self.$field, visit); )*
            }
        }
    };
}

/// Declares a closed list of words: an enum whose doc comments explain the words.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident ($noun:literal) {
            $( $(#[doc = $word_doc:literal])* $variant:ident = $word:literal ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[doc = $word_doc])* $variant, )* }

        impl $name {
            /// The words and what they mean.
            pub const CHOICE: $crate::record::Choice = $crate::record::Choice {
                name: $noun,
                docs: concat!($($doc, "\n"),*),
                words: &[ $( ($word, concat!($($word_doc, "\n"),*)) ),* ],
            };

            /// Every word, in the order of the declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),* ];

            /// The word as typed.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl $crate::record::Scalar for $name {
            const KIND: $crate::record::Kind = $crate::record::Kind::Choice(&Self::CHOICE);

            fn parse(text: &str) -> Result<Self, $crate::record::Unreadable> {
                match text {
                    $( $word => Ok(Self::$variant), )*
                    _ => Err($crate::record::unknown_word(text, &Self::CHOICE)),
                }
            }
        }
    };
}
