# The one table of classes: a new class of a condition gets its line here, and tools/document writes it into the
# section Errors of every help page whose functions can raise it.

#' Classes of errors, warnings and messages
#'
#' Whatever the package says has a class of its own, so that a script can act on it: errors are
#' `flowresil_error_<fault>` under `flowresil_error`, warnings `flowresil_warning_<fault>` under
#' `flowresil_warning`, messages `flowresil_message_<what>` under `flowresil_message`. A condition carries what it is
#' about: `arg` (the argument) and, where there are any, `columns` and `rows`. `options(flowresil.quiet = TRUE)`
#' silences messages only.
#'
#' The section *Errors* of each help page names the classes that its functions can raise.
#'
#' @section Errors of arguments and columns:
#' * `flowresil_error_missing_argument`: an argument that has no default is not given.
#' * `flowresil_error_argument`: an argument that the function, or the method chosen, does not know.
#' * `flowresil_error_choice`: a word that is none of those that the argument takes.
#' * `flowresil_error_flag`: neither TRUE nor FALSE.
#' * `flowresil_error_number`: not one number, or one out of range.
#' * `flowresil_error_seed`: a seed that is no whole number of 0 or more.
#' * `flowresil_error_name`: a name of a result that is not one string, or is that of a key.
#' * `flowresil_error_option`: a value of `options()` that cannot be used.
#' * `flowresil_error_type`: an object or a column of another type than is needed.
#' * `flowresil_error_empty`: no row, or none that is complete.
#' * `flowresil_error_evaluation`: an expression that fails in `data`; its error is the parent.
#' * `flowresil_error_choice_promise`: a method given as an object (see `?weightings`) that does not give what its kind
#'   promises.
#' * `flowresil_error_missing_column`: a name that is no column of the data.
#' * `flowresil_error_ambiguous_column`: a column, or a label, that stands twice where one is meant.
#' * `flowresil_error_file`: a file that is not there, cannot be opened, holds no table, or ends otherwise.
#' * `flowresil_error_sheet`: a sheet that the workbook has not.
#' * `flowresil_error_shape`: a table without units, or one that can be read in two ways.
#' * `flowresil_error_cell`: a cell of an indicator that is no number.
#' * `flowresil_error_overwrite`: a file that is there already.
#' * `flowresil_error_probs`: two probabilities, the lower first, are not what is given.
#' * `flowresil_error_unit`: units that are not there, or a name that is no province.
#' * `flowresil_error_missing_value`: NA where none may be, such as in a unit, a time or a cluster.
#' * `flowresil_error_encoding`: text, a level or a name that is no text in its encoding, with the way to read it.
#' * `flowresil_error_infinite`: infinite values.
#' * `flowresil_error_subset`: a subset that is neither TRUE or FALSE a row nor distinct row numbers.
#' * `flowresil_error_rows`: data with another number of rows than the fit has.
#' * `flowresil_error_database`: what a table in a database cannot give, or its engine refuses, with the way out.
#' * `flowresil_error_data_changed`: data that were changed in place after the fit.
#' * `flowresil_error_weights`: weights that are missing, unknown, negative, zero or not finite.
#'
#' @section Errors of panels:
#' * `flowresil_error_time`: a time that is no whole number and cannot be counted as one.
#' * `flowresil_error_duplicate_rows`: a unit and time in more than one row.
#' * `flowresil_error_gap`: a unit whose periods do not follow each other, or lack some of another's.
#' * `flowresil_error_overlap`: groups with rows or units in common where they must have none.
#' * `flowresil_error_unknown_unit`: a unit that the object does not hold.
#'
#' @section Errors of index and resilience:
#' * `flowresil_error_repeated_indicator`: an indicator named twice.
#' * `flowresil_error_unknown_column`: a column of a table of indicators that is nearly one of those known.
#' * `flowresil_error_direction`: directions that are not +1 and -1, or do not fit the scaling.
#' * `flowresil_error_normalise`: a scaling that the weights cannot take.
#' * `flowresil_error_negative`: negative values under a scaling that divides by sums.
#' * `flowresil_error_all_constant`: no indicator varies.
#' * `flowresil_error_too_few_rows`: fewer than two rows to compare.
#' * `flowresil_error_components`: a number of components that cannot be had.
#' * `flowresil_error_unknown_period`: a period of new data that an index scaled by period has not seen.
#' * `flowresil_error_base_absent`: no row has the base period.
#' * `flowresil_error_non_positive`: exports of zero or less where a trend is divided by a cycle.
#'
#' @section Errors of regressions:
#' * `flowresil_error_formula`: a formula that cannot be read or evaluated.
#' * `flowresil_error_outcome_twice`: the outcome's own term among the regressors.
#' * `flowresil_error_vcov`: a variance that is none of those offered.
#' * `flowresil_error_hypothesis`: hypotheses that cannot be read or tested together.
#' * `flowresil_error_one_cluster`: fewer than two clusters.
#' * `flowresil_error_outcome_constant`: an outcome that does not vary.
#' * `flowresil_error_outcome_absorbed`: an outcome that the effects explain wholly.
#' * `flowresil_error_no_regressor`: no regressor is left beside the effects.
#' * `flowresil_error_no_degrees_of_freedom`: as many parameters as rows.
#' * `flowresil_error_scale`: values so large or small that their squares are no doubles.
#' * `flowresil_error_constant`: effects that have no common constant.
#' * `flowresil_error_model`: one of several models cannot be estimated; its error is the parent.
#' * `flowresil_error_term`: a term of no model.
#' * `flowresil_error_digits`: a number of decimals that is no whole number from 0 to 15 (also `number`).
#' * `flowresil_error_language`: a language that the package does not print.
#' * `flowresil_error_labels`: labels that are not text, without a name, or for one thing twice.
#' * `flowresil_error_mediator`: a mediator that is no variable of its own, or does not vary.
#' * `flowresil_error_moderator`: a moderator that is no variable of its own, or whose product is not identified.
#' * `flowresil_error_values`: two values of a treatment that are not two.
#' * `flowresil_error_rho`: a correlation of errors outside -1 and 1.
#' * `flowresil_error_benchmark`: a benchmark that is no control.
#' * `flowresil_error_structure`: mediators in a series that cannot be one.
#' * `flowresil_error_component`: what an analysis of other methods would hold.
#' * `flowresil_error_bootstrap`: resampling without clusters to go by.
#' * `flowresil_error_resamples`: weights of clusters that cannot be read.
#' * `flowresil_error_replicates`: too many draws in which a coefficient is not identified.
#' * `flowresil_error_treatment`: a treatment that is no term, or is not identified.
#' * `flowresil_error_unsupported`: a function that would be wrong for the model; the text says what to use.
#'
#' @section Errors of the package itself:
#' * `flowresil_error_internal`: the compiled core refused what R gave it. A fault of the package: please report it.
#' * `flowresil_error_memory`: memory does not suffice; the text says how much the computation works on.
#'
#' @section Warnings:
#' * `flowresil_warning_constant_indicator`: an indicator that does not vary.
#' * `flowresil_warning_base`: units whose base value is missing or not above zero.
#' * `flowresil_warning_zero_cycle`: rows whose cycle is zero, so that no ratio exists.
#' * `flowresil_warning_collinear`: regressors that were dropped, with the reason.
#' * `flowresil_warning_not_converged`: the iterative solver used all its steps.
#' * `flowresil_warning_leverage`: rows that a coefficient has to itself, under HC2 or HC3.
#' * `flowresil_warning_not_positive`: a variance that had negative eigenvalues.
#' * `flowresil_warning_degrees_of_freedom`: more hypotheses than a test has degrees of freedom for.
#' * `flowresil_warning_few_clusters`: draws of fewer than six clusters.
#' * `flowresil_warning_replicates`: draws in which a coefficient is not identified.
#' * `flowresil_warning_interval`: bias-corrected limits of draws that lie on one side of the estimate.
#' * `flowresil_warning_goodman`: Goodman's variance of a product below zero.
#' * `flowresil_warning_bound`: a bound on an omitted variable that explains more than everything.
#' * `flowresil_warning_identity`: total less direct effect that is not the sum of the indirect effects.
#' * `flowresil_warning_jackknife`: slopes that are not identified without some cluster.
#' * `flowresil_warning_singletons`: levels with one row under a correction whose program drops them.
#' * `flowresil_warning_calendar_code`: times such as 201012 that are codes of dates and count as plain numbers.
#' * `flowresil_warning_unseen_level`: rows of new data whose effect was not in the fit.
#' * `flowresil_warning_variance`: variances that are negative or not finite, and NA in the result.
#' * `flowresil_warning_perfect_fit`: residuals that are nothing but rounding.
#'
#' @section Messages:
#' * `flowresil_message_winsorised`: how many values were set to a quantile.
#' * `flowresil_message_reading`: what was read from files, and what was left out.
#' * `flowresil_message_blanks`: names of units, levels or clusters that differ by a blank only.
#' * `flowresil_message_filled`: cells that were filled.
#' * `flowresil_message_weights_order`: weights without names, and the indicators that they were given to.
#' * `flowresil_message_unused_columns`: columns of a table of indicators that are not used.
#' * `flowresil_message_base_rows`: rows of the base period that were dropped.
#' * `flowresil_message_name_taken`: a column of the data with the name of the result's.
#' * `flowresil_message_default_base`: the base period that was taken where none was given.
#' * `flowresil_message_undefined`: values that a transformation leaves undefined.
#' * `flowresil_message_dropped_rows`: rows that miss a value, by variable.
#' * `flowresil_message_own_data`: a model that is updated on the data of its fit.
#' * `flowresil_message_labels`: labels for what stands in no model.
#' * `flowresil_message_treatments`: treatments that take the place of the first regressor.
#' * `flowresil_message_binary_mediator`: a mediator of two values.
#' * `flowresil_message_no_effects`: regressors that look like effects left of a forgotten bar.
#' * `flowresil_message_roles`: unit and time of lags that were guessed from the effects.
#' * `flowresil_message_doubled_effect`: an effect that stands twice, or groups the rows as another does, is used once.
#'
#' @name flowresil-conditions
#' @examples
#' # What a script does where a column may be absent
#' tryCatch(
#'   fe_model(ExpRes ~ opening | province, province_panel),
#'   flowresil_error_missing_column = function(e) e$columns
#' )
NULL
