# Engines of databases for tests: each as list(name, con, write(name, data)), or NULL with a reason to skip.

sqlite_engine <- function(frame = parent.frame()) {
  skip_if_not_installed("DBI")
  skip_if_not_installed("RSQLite")
  con <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  withr::defer(DBI::dbDisconnect(con), frame)
  list(name = "sqlite", con = con, write = function(name, data) {
    DBI::dbWriteTable(con, name, as.data.frame(data), overwrite = TRUE, row.names = FALSE)
  })
}

# A server of its own in a temporary folder, on a socket only, never as root; one for all tests of a session.
postgres_server <- local({
  server <- NULL
  function() {
    if (!is.null(server)) return(server)
    binaries <- Sys.glob("/usr/lib/postgresql/*/bin")
    if (length(binaries) == 0L || !requireNamespace("RPostgreSQL", quietly = TRUE)) return(NULL)
    binaries <- binaries[length(binaries)]
    folder <- tempfile("pg")
    dir.create(folder)
    as_other <- if (identical(Sys.info()[["user"]], "root")) "runuser -u nobody -- " else ""
    if (nzchar(as_other)) {
      system2("chown", c("nobody", folder))
      Sys.chmod(dirname(folder), "0711") # so that the other user can pass through
    }
    data <- file.path(folder, "data")
    run <- function(words) system(paste0(as_other, words, " > ", file.path(folder, "log"), " 2>&1 < /dev/null"))
    if (run(paste0(binaries, "/initdb -A trust -U tester --locale=C.UTF-8 -E UTF8 -D ", data)) != 0L) return(NULL)
    options <- paste0("-c listen_addresses='' -c fsync=off -k ", folder)
    if (run(paste0(binaries, "/pg_ctl -w -D ", data, " -o \"", options, "\" -l ", folder,
                   "/server.log start")) != 0L) return(NULL)
    pid <- as.integer(readLines(file.path(data, "postmaster.pid"), n = 1L))
    reg.finalizer(globalenv(), function(e) tools::pskill(pid), onexit = TRUE)
    server <<- list(folder = folder, pid = pid)
    server
  }
})

postgres_engine <- function(frame = parent.frame()) {
  skip_if_not_installed("DBI")
  skip_if_not_installed("RPostgreSQL")
  server <- postgres_server()
  skip_if(is.null(server), "PostgreSQL's server could not be started here")
  con <- DBI::dbConnect(RPostgreSQL::PostgreSQL(), user = "tester", dbname = "postgres", host = server$folder)
  withr::defer(DBI::dbDisconnect(con), frame)
  DBI::dbExecute(con, "SET client_min_messages = warning")
  list(name = "postgres", con = con, write = function(name, data) write_postgres(con, name, data))
}

# Every digit of every number: the driver's own way of writing keeps fifteen.
write_postgres <- function(con, name, data) {
  type <- function(v) {
    if (is.logical(v)) "BOOLEAN" else if (is.integer(v)) "INTEGER" else if (is.numeric(v)) "DOUBLE PRECISION" else
      if (inherits(v, "Date")) "DATE" else "TEXT"
  }
  cell <- function(v) {
    text <- if (is.double(v) && !inherits(v, "Date")) paste0("'", sprintf("%.17g", v), "'") else
      paste0("'", gsub("'", "''", as.character(v)), "'")
    text <- sub("'Inf'", "'Infinity'", sub("'-Inf'", "'-Infinity'", text, fixed = TRUE), fixed = TRUE)
    ifelse(is.na(v) & !is.nan(if (is.double(v)) v else 0), "NULL", text)
  }
  quoted <- function(x) as.character(DBI::dbQuoteIdentifier(con, x))
  DBI::dbExecute(con, paste("DROP TABLE IF EXISTS", quoted(name)))
  DBI::dbExecute(con, paste0("CREATE TABLE ", quoted(name), " (",
                             paste(quoted(names(data)), vapply(data, type, ""), collapse = ", "), ")"))
  if (nrow(data) == 0L) return(invisible())
  rows <- do.call(paste, c(lapply(data, cell), sep = ", "))
  for (some in split(rows, ceiling(seq_along(rows) / 500))) {
    DBI::dbExecute(con, paste0("INSERT INTO ", quoted(name), " VALUES ", paste0("(", some, ")", collapse = ", ")))
  }
}

# Data as a table of an engine, read in pieces far smaller than it.
source_of <- function(engine, data) {
  engine$write("p", data)
  panel_source(engine$con, "p", piece_rows = 13)
}

# Unit and time with gaps, four numbers, a weight, a cluster that holds units, one that does not.
some_panel <- function(seed = 1, n_units = 30, n_times = 7, share = 0.8) {
  withr::local_seed(seed)
  d <- expand.grid(time = 2000 + seq_len(n_times), unit = seq_len(n_units))
  n <- nrow(d)
  d$x1 <- rnorm(n) + d$unit / 10
  d$x2 <- rnorm(n) + d$time / 10
  d$m <- d$x1 + rnorm(n)
  d$w <- runif(n, 0.5, 2)
  d$g <- d$unit %% 5
  d$sector <- sample(c("steel", "\u7eba\u7ec7", "food's"), n, TRUE)
  d$flag <- runif(n) < 0.4
  d$y <- d$x1 - d$x2 + d$m / 2 + rnorm(n)
  d <- d[sample(n, share * n), ]
  d$y[3] <- NA
  d$x2[c(5, 9)] <- NA
  rownames(d) <- NULL
  d
}

# Both fits say the same: coefficients, errors, sums, degrees of freedom, what was dropped.
expect_same_fit <- function(table, memory, tolerance = 1e-11) {
  expect_identical(names(coef(table)), names(coef(memory)))
  error <- sqrt(diag(vcov(memory)))
  expect_lt(max(abs(coef(table) - coef(memory)) / error), tolerance)
  expect_lt(max(abs(sqrt(diag(vcov(table))) / error - 1)), tolerance)
  expect_equal(unname(table$variance$df), unname(memory$variance$df), tolerance = 1e-12)
  expect_equal(table$variance$factor, memory$variance$factor, tolerance = 1e-12)
  expect_identical(table$nobs, as.integer(memory$nobs) + 0L * table$nobs)
  expect_equal(table$effects$n_levels, memory$effects$n_levels)
  expect_equal(as.numeric(table$sample$missing), as.numeric(memory$sample$missing))
  expect_identical(table$dropped, memory$dropped)
  ours <- generics::glance(table)
  theirs <- generics::glance(memory)
  expect_equal(ours, theirs, tolerance = 1e-10)
}
